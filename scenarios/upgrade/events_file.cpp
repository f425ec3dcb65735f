#include "scenarios/upgrade/file_upgrades.hpp"

namespace lab::scenarios {

void upgrade_events_file(FileEditor&, const ScenarioSpec&) {}

} // namespace lab::scenarios
