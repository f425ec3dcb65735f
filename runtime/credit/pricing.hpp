#pragma once

#include <cstdint>

#include "runtime/base/error.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/chat.hpp"
#include "runtime/model/price.hpp"

namespace lab::runtime {

/// Upper bound of the input tokens a provider can count for `request`: one
/// token for each ASCII byte, the tokenizer's worst growth for each other byte,
/// over every text we send, plus what providers add around messages and
/// schemas. Never above the model's context window, where that is known.
/// @source docs/adr/0007-input-bound.md
std::int64_t input_bound(const PriceRow& price, const ChatRequest& request);

/// The most output tokens a provider can bill: the cap and a slack for how stop
/// tokens are counted; the model's own maximum when its reasoning escapes the
/// cap.
/// @errors context_overflow: the cap is above the model's maximum or its
///         context window; invalid_input: the cap is below 1;
///         model_not_priced: reasoning escapes the cap and no maximum is known
Result<std::int64_t> output_bound(const PriceRow& price,
                                  const ChatRequest& request);

/// What one attempt can cost at most: one call, input and output bounds as
/// tokens, every token at its dearest price.
/// @errors those of `output_bound`; invalid_input: beyond the range of money
Result<Charge> worst_case(const PriceRow& price, const ChatRequest& request);

/// The same of a call that is known by its bounds alone.
/// @param input, output  tokens, not below 0
/// @errors invalid_input: beyond the range of money
Result<Charge> worst_case_of(const PriceRow& price, std::int64_t input,
                             std::int64_t output);

/// `worst_case` of an attempt whose end is unknown, when the server said how
/// many input tokens it had read. Never above `worst_case`.
/// @errors as `worst_case`
Result<Charge> worst_case_after(const PriceRow& price,
                                const ChatRequest& request,
                                std::int64_t known_input);

/// The bill of a call with this usage. The long tier applies by the input that
/// was counted; its cached tokens keep the discount of the short tier.
/// @errors invalid_input: a negative count, or beyond the range of money
Result<Money> cost_of(const PriceRow& price, const Usage& usage);

} // namespace lab::runtime
