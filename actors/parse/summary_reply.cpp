#include "actors/parse/helper_replies.hpp"
#include "actors/parse/tolerant.hpp"

namespace lab::actors {

namespace {

const std::vector<SectionNames> summary_sections{
  {"SUMMARY", "SUMMARY SO FAR", "RECORD"}};

std::optional<SummaryReply> summary_of(const std::string& text) {
  SummaryReply summary{field_text(text, summary_chars_max)};
  if (summary.summary.empty())
    return std::nullopt;
  return summary;
}

std::optional<SummaryReply> from_object(const json::Value& object) {
  const auto* found = member_like(object, {"summary", "record", "text"});
  return found != nullptr ? summary_of(text_of(*found)) : std::nullopt;
}

std::optional<SummaryReply>
from_sections(const std::vector<Section>& sections) {
  return summary_of(sections[0].text);
}

} // namespace

Result<SummaryReply> parse_summary(const Reply& reply) {
  static const TolerantForm<SummaryReply> form{summary_sections, from_object,
                                               from_sections, "summary"};
  LAB_TRY(auto summary, parse_tolerantly(reply, form));
  summary.raw = reply.text;
  return summary;
}

Result<SummaryReply> summary_from_text(const Reply& reply) {
  if (reply.finish == FinishReason::refusal)
    return fail(Errc::reply_invalid, "the model declined to answer");
  auto summary = summary_of(std::string{without_thoughts(reply.text)});
  if (!summary)
    return fail(Errc::reply_invalid, "the reply is empty");
  summary->raw = reply.text;
  return std::move(*summary);
}

} // namespace lab::actors
