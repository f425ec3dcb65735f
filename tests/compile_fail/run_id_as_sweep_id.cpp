// A run is not a sweep.
// refused: could not convert .*RunTag.*SweepTag
#include "runtime/model/ids.hpp"

void open(lab::SweepId sweep);
void mistake(lab::RunId run) { open(run); }
