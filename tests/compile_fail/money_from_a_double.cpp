// No floating point reaches the ledger.
// refused: narrowing conversion
#include "runtime/base/money.hpp"

lab::Money mistake(double dollars) { return lab::Money{dollars}; }
