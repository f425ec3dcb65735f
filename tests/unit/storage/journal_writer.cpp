#include "storage/journal.hpp"
#include "tests/unit/storage/facts.hpp"

// Commits two reservations and their settlements, so that a test can kill it
// at each step (SCENARIO_LAB_KILL_AT).

int main(int argc, char** argv) {
  using namespace lab;
  if (argc != 2)
    return 2;
  const storage::testing::Story story;
  const auto journal = storage::Journal::open(argv[1]);
  const auto a = story.reserved(1, "decision", "council");
  const auto b = story.reserved(1, "decision", "lines");
  const bool done = journal && (*journal)->commit({{a, b}, {}})
                    && (*journal)->commit(story.bought(a, 700))
                    && (*journal)->commit(story.bought(b, 800));
  return done ? 0 : 1;
}
