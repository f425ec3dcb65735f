#include "runtime/model/run_source.hpp"

namespace lab {

std::string_view to_string(SourceStop::Then then) {
  switch (then) {
  case SourceStop::Then::finish:
    return "finish";
  case SourceStop::Then::stop:
    return "stop";
  case SourceStop::Then::pause:
    return "pause";
  case SourceStop::Then::ask:
    return "ask";
  case SourceStop::Then::pause_model:
    break;
  }
  return "pause-model";
}

} // namespace lab
