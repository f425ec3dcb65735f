// A number says nothing about what it counts.
// refused: could not convert .17
#include "runtime/model/ids.hpp"

void open(lab::RunId run);
void mistake() { open(17); }
