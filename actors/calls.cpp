#include "actors/calls.hpp"

#include "runtime/base/seed.hpp"

namespace lab::actors {

std::uint64_t seed_of_turn(const RunSpec& spec, std::int32_t turn) {
  return spec.source_of(turn).seed;
}

std::uint64_t call_seed(const RunSpec& spec, const Place& place) {
  return Seed{seed_of_turn(spec, place.turn)}
           .child("call")
           .child(place.turn)
           .child(place.phase)
           .child(place.participant)
           .child(place.ordinal)
           .bits(0)
         >> 12U;
}

std::int64_t output_cap(const ScenarioSpec& scenario,
                        const std::string& phase) {
  for (const auto& key : {phase, std::string{}})
    if (const auto cap = scenario.output_caps.find(key);
        cap != scenario.output_caps.end())
      return cap->second;
  return phase == "world_update" ? 2'000 : 1'200;
}

IssueCall call_at(const RunSpec& spec, Place place, Question question) {
  const auto& scenario = *spec.scenario;
  IssueCall call;
  call.owner = spec.owner();
  if (const auto source = spec.source_of(place.turn); source.run != spec.id)
    call.inherit_from = source.run;
  call.replay = spec.replay;
  call.request.model = std::move(question.model);
  call.request.messages = std::move(question.messages);
  call.request.schema_name = std::move(question.schema_name);
  call.request.schema = std::move(question.schema);
  call.request.output_cap = output_cap(scenario, place.phase);
  call.request.temperature = scenario.temperature;
  call.request.seed = call_seed(spec, place);
  call.request.brief = std::move(question.brief);
  call.place = std::move(place);
  return call;
}

} // namespace lab::actors
