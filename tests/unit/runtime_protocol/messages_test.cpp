#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/protocol/system.hpp"
#include "tests/unit/runtime_protocol/random_filler.hpp"

namespace lab {
namespace {

using Ids = caf::id_block::lab;
using Bytes = std::vector<char>;

template <caf::type_id_t Id>
using MessageOf = typename caf::type_by_id<Id>::type;

/// Messages that carry an actor's handle: CAF's network layer resolves those,
/// and there is none here.
template <class T>
constexpr bool carries_a_handle = std::is_same_v<T, Subscribe>;

/// Calls `check.operator()<T>(name)` for every message type of the product.
template <class Check>
void for_each_message(Check check) {
  const auto check_one = [&]<std::size_t I>() {
    using Message = MessageOf<Ids::begin + I>;
    if constexpr (!carries_a_handle<Message>)
      check.template operator()<Message>(
        caf::type_name_by_id<Ids::begin + I>::value);
  };
  const auto check_all = [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check_one.template operator()<I>(), ...);
  };
  check_all(std::make_index_sequence<Ids::end - Ids::begin>{});
}

template <class T>
Bytes to_bytes(T value) {
  Bytes bytes;
  caf::binary_serializer sink{nullptr, bytes};
  EXPECT_EQ(sink(value), caf::none);
  return bytes;
}

template <class T>
T from_bytes(const Bytes& bytes) {
  T value{};
  caf::binary_deserializer source{nullptr, bytes};
  EXPECT_EQ(source(value), caf::none);
  EXPECT_EQ(source.remaining(), 0U);
  return value;
}

TEST(Messages, EveryMessageCrossesANetworkUnchanged) {
  constexpr std::int64_t rounds = 1000;

  for_each_message([]<class T>(const char* name) {
    const auto seed = Seed{1}.child(name);
    for (std::int64_t i = 0; i < rounds; ++i) {
      const auto sent = to_bytes(random_value<T>(seed.child(i)));

      const auto received = to_bytes(from_bytes<T>(sent));

      ASSERT_EQ(received, sent) << name << " of seed " << i;
    }
  });
}

TEST(Messages, DifferentContentIsDifferentOnTheWire) {
  for_each_message([]<class T>(const char* name) {
    if constexpr (!std::is_empty_v<T>) {
      const auto seed = Seed{2}.child(name);
      std::set<Bytes> seen;
      for (std::int64_t i = 0; i < 50; ++i)
        seen.insert(to_bytes(random_value<T>(seed.child(i))));

      EXPECT_GT(seen.size(), 1U) << name << " loses its content";
    }
  });
}

TEST(Messages, ACutMessageIsAnErrorAndNeverAValue) {
  for_each_message([]<class T>(const char* name) {
    const auto seed = Seed{3}.child(name);
    for (std::int64_t i = 0; i < 20; ++i) {
      const auto whole = to_bytes(random_value<T>(seed.child(i)));
      for (std::size_t size = 0; size < whole.size(); size += 7) {
        const Bytes cut(whole.begin(),
                        whole.begin() + static_cast<std::ptrdiff_t>(size));
        T value{};
        caf::binary_deserializer source{nullptr, cut};

        ASSERT_NE(source(value), caf::none) << name << " cut at " << size;
      }
    }
  });
}

TEST(Messages, EveryMessageIsRegistered) {
  // An unregistered type works within a process and arrives empty elsewhere.
  SystemConfig config{1};
  caf::actor_system system{config};
  for_each_message([&]<class T>(const char* name) {
    auto sent = caf::make_message(random_value<T>(Seed{4}.child(name)));
    Bytes bytes;
    caf::binary_serializer sink{system, bytes};
    ASSERT_EQ(sink(sent), caf::none);

    caf::message received;
    caf::binary_deserializer source{system, bytes};
    ASSERT_EQ(source(received), caf::none) << name;

    ASSERT_TRUE(received.template match_elements<T>()) << name;
    EXPECT_EQ(to_bytes(received.template get_as<T>(0)),
              to_bytes(sent.template get_as<T>(0)));
  });
}

TEST(Messages, ErrorsKeepTheirCodeAndContextOnTheWay) {
  for (const auto code : {Errc::limit_exhausted, Errc::disk_failed,
                          Errc::non_determinism, Errc::internal}) {
    const Error error{code, "account=sweep:s-1 wants=60 left=40"};

    EXPECT_EQ(from_caf(to_caf(error)), error);
  }
}

} // namespace
} // namespace lab
