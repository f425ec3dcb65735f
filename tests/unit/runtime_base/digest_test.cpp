#include <gtest/gtest.h>

#include "runtime/base/digest.hpp"

namespace lab {
namespace {

TEST(Digest, FramesItsFields) {
  EXPECT_NE(Hasher{}.add("ab").add("c").finish256(),
            Hasher{}.add("a").add("bc").finish256());
  EXPECT_NE(Hasher{}.add("").add("a").finish256(),
            Hasher{}.add("a").add("").finish256());
  EXPECT_EQ(Hasher{}.add("ab").add("c").finish256(),
            Hasher{}.add("ab").add("c").finish256());
}

TEST(Digest, TheShortOneStartsTheLongOne) {
  const auto whole = to_string(Hasher{}.add("x").finish256());

  EXPECT_EQ(whole.size(), 64U);
  EXPECT_EQ(to_string(Hasher{}.add("x").finish128()), whole.substr(0, 32));
}

TEST(Digest, OfTheSameBytesIsTheSameInEveryVersion) {
  // Stored in journals: a change here makes old workspaces unreadable. Equal
  // to hashlib.blake2b(b"scenario lab", digest_size=32) in Python.
  EXPECT_EQ(to_string(digest256("scenario lab")),
            "2fa975f129bffaedbba0537e5d5b595dcb1493a7268bde8484ae50960ef9c1cb");
}

TEST(Digest, ReadsBackWhatItWrote) {
  const auto digest = Hasher{}.add(std::int64_t{42}).finish128();

  EXPECT_EQ(digest128_from(to_string(digest)), digest);
}

TEST(Digest, RefusesWhatIsNoHex) {
  EXPECT_FALSE(digest128_from(""));
  EXPECT_FALSE(digest128_from(std::string(31, 'a')));
  EXPECT_FALSE(digest128_from(std::string(32, 'g')));
  EXPECT_FALSE(digest128_from(std::string(33, 'a')));
}

} // namespace
} // namespace lab
