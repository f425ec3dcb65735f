// A sum of money is not a number of anything.
// refused: no match for .operator\+
#include "runtime/base/money.hpp"

lab::Money mistake(lab::Money a) { return a + 5; }
