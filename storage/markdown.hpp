#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/artefacts.hpp"

// What the Markdown files of a run have in common. docs/formats/artefacts.md.

namespace lab::storage {

/// "001": the turn with at least three digits.
std::string three_digits(std::int32_t turn);

std::string display_name(const RunHeader& run, const std::string& id);

/// One `- ` line each.
std::string bullets(const std::vector<std::string>& items);

/// The part that all files begin with, up to the first rule.
/// @param middle  further bold lines, each with its empty line
std::string opening(const RunHeader& run, const std::string& title,
                    const std::string& middle);

/// "World State - Turn 2"
std::string turn_title(const std::string& title, std::int32_t turn);

/// Bilateral talks and coalitions: one file for the same people on the same
/// channel. What only one of them may know stands apart from the messages.
std::vector<ArtefactFile> conversation_files(const RunHeader& run,
                                             const TurnRecord& record);

/// `validation-NNN.md`: this turn's checks alone.
ArtefactFile validation_file(const RunHeader& run, const TurnRecord& record);

} // namespace lab::storage
