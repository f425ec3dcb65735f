#pragma once

#include <string>
#include <string_view>

#include "runtime/base/money.hpp"
#include "runtime/model/account.hpp"

namespace lab::tools {

/// "$0.42", or "0.42 play" for play money: dollars of simulated models, which
/// nobody bills.
std::string usd_text(Money amount, bool play);

/// "$0.42 settled, $0.00 unknown, $0.05 reserved of $1.00": three numbers,
/// never one.
std::string balance_text(const Balance& balance, bool play);

/// True for a model that is built in and calls nothing.
bool is_simulated(std::string_view model);

/// What stands first wherever outcomes of simulated models are shown. With
/// `all` no model was real.
std::string simulated_notice(bool all);

} // namespace lab::tools
