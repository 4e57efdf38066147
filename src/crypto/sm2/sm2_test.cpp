// Our curve arithmetic against OpenSSL's, at the edges where carries and special points are.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/random.h"
#include "crypto/curve.h"
#include "crypto/sm2/key_tables.h"
#include "crypto/sm2/secret_multiple.h"

namespace chancery::crypto::sm2 {
namespace {

constexpr Word kEdges[] = {0,
                           1,
                           2,
                           0xffffffff,
                           0x100000000,
                           0xffffffff00000000,
                           0xfffffffeffffffff,
                           0xfffffffffffffffe,
                           0xffffffffffffffff,
                           0x7fffffffffffffff,
                           0x8000000000000000};

BignumPtr bignum(const Limbs& limbs) {
  const auto bytes = to_big_endian(limbs);
  return BignumPtr(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

Limbs limbs_of(const BIGNUM* number) {
  std::array<std::uint8_t, 32> bytes;
  CHANCERY_CHECK(BN_bn2binpad(number, bytes.data(), 32) == 32);
  return to_limbs(bytes);
}

Limbs order() {
  return to_limbs(curve_of(SignatureAlgorithm::kSm2Sm3).order);
}

Limbs minus(const Limbs& a, Word small) {
  Limbs out;
  subtract_limbs(a, {small, 0, 0, 0}, out);
  return out;
}

class Arithmetic : public testing::Test {
 protected:
  /// Words from the edges as often as random ones.
  Limbs any() {
    Limbs out;
    for (Word& word : out) word = random_.below(2) == 0 ? kEdges[random_.below(std::size(kEdges))] : random_.next_u64();
    return out;
  }
  Limbs below(const Limbs& bound) {
    while (true) {
      const Limbs out = any();
      Limbs ignored;
      if (subtract_limbs(out, bound, ignored) != 0) return out;
    }
  }
  Limbs scalar() {
    while (true) {
      const Limbs out = below(order());
      if (out != Limbs{}) return out;
    }
  }
  SeededRandom random_{71};
};

using FieldArithmetic = Arithmetic;

TEST_F(FieldArithmetic, IsThatOfBignumsAlsoAtTheEdges) {
  const BnCtxPtr scratch(BN_CTX_new());
  const BignumPtr p = bignum(kPrime);
  const BignumPtr out(BN_new());
  for (int round = 0; round < 20'000; ++round) {
    const Limbs a = round < 3 ? Limbs{} : round < 6 ? minus(kPrime, 1) : below(kPrime);
    const Limbs b = round % 3 == 0 ? minus(kPrime, 1) : below(kPrime);
    const BignumPtr x = bignum(a);
    const BignumPtr y = bignum(b);
    const FieldElement u = from_plain(a);
    const FieldElement v = from_plain(b);
    ASSERT_EQ(to_plain(u), a);
    BN_mod_mul(out.get(), x.get(), y.get(), p.get(), scratch.get());
    ASSERT_EQ(to_plain(multiply(u, v)), limbs_of(out.get()));
    BN_mod_sqr(out.get(), x.get(), p.get(), scratch.get());
    ASSERT_EQ(to_plain(square(u)), limbs_of(out.get()));
    BN_mod_add(out.get(), x.get(), y.get(), p.get(), scratch.get());
    ASSERT_EQ(to_plain(add(u, v)), limbs_of(out.get()));
    BN_mod_sub(out.get(), x.get(), y.get(), p.get(), scratch.get());
    ASSERT_EQ(to_plain(subtract(u, v)), limbs_of(out.get()));
    // Any limbs below p are the Montgomery form of something: reduction must hold for all of them.
    ASSERT_EQ(square(FieldElement{a}), multiply(FieldElement{a}, FieldElement{a}));
  }
}

TEST_F(FieldArithmetic, InvertsAllButZero) {
  EXPECT_TRUE(inverse({}).is_zero());
  for (int round = 0; round < 50; ++round) {
    const FieldElement a = from_plain(below(kPrime));
    if (a.is_zero()) continue;
    EXPECT_EQ(multiply(a, inverse(a)), kOne);
  }
}

class PointArithmetic : public Arithmetic {
 protected:
  /// scalar * point by OpenSSL, 64 bytes; empty at infinity. Null point: the base point.
  Bytes expected(const Limbs& scalar, const Bytes* point = nullptr) {
    CurveContext& context = curve_context(curve_of(SignatureAlgorithm::kSm2Sm3));
    const EcPointPtr base(EC_POINT_new(context.group.get()));
    const EcPointPtr out(EC_POINT_new(context.group.get()));
    const BignumPtr k = bignum(scalar);
    if (point == nullptr) {
      EC_POINT_mul(context.group.get(), out.get(), k.get(), nullptr, nullptr, nullptr);
    } else {
      Bytes encoded{4};
      append(encoded, *point);
      EC_POINT_oct2point(context.group.get(), base.get(), encoded.data(), encoded.size(), nullptr);
      EC_POINT_mul(context.group.get(), out.get(), nullptr, base.get(), k.get(), nullptr);
    }
    if (EC_POINT_is_at_infinity(context.group.get(), out.get()) == 1) return {};
    Bytes encoded(65);
    EC_POINT_point2oct(context.group.get(), out.get(), POINT_CONVERSION_UNCOMPRESSED, encoded.data(), 65, nullptr);
    return {encoded.begin() + 1, encoded.end()};
  }
  static Bytes bytes_of(const JacobianPoint& point) {
    if (point.at_infinity()) return {};
    const AffinePoint flat = to_affine({&point, 1})[0];
    Bytes out = to_bytes(to_big_endian(to_plain(flat.x)));
    append(out, to_big_endian(to_plain(flat.y)));
    return out;
  }
  static AffinePoint point_of(const Bytes& bytes) { return point_from_bytes(BytesView(bytes).first<64>()); }
  std::vector<Limbs> scalars() {
    std::vector<Limbs> out;
    for (Word small = 0; small < 40; ++small) out.push_back({small, 0, 0, 0});
    for (Word small = 1; small < 40; ++small) out.push_back(minus(order(), small));
    for (unsigned bit = 0; bit < 255; bit += 17) {
      Limbs power{};
      power[bit / 64] = 1ULL << bit % 64;
      out.push_back(power);
    }
    for (int i = 0; i < 60; ++i) out.push_back(scalar());
    return out;
  }
};

TEST_F(PointArithmetic, MultipliesTheBasePointAsOpenSslDoes) {
  for (const Limbs& k : scalars()) {
    ASSERT_EQ(bytes_of(Multiples::of_base_point().add_multiple({}, k)), expected(k)) << to_hex(to_big_endian(k));
    ASSERT_EQ(bytes_of(multiply(base_point(), k)), expected(k)) << to_hex(to_big_endian(k));
  }
}

TEST_F(PointArithmetic, MultipliesOtherPointsWithWindowsOfEveryWidth) {
  for (unsigned bits = 2; bits <= 8; ++bits) {
    const Bytes point = expected(scalar());
    const Multiples table(point_of(point), bits);
    for (const Limbs& k : scalars()) {
      const Bytes wanted = expected(k, &point);
      ASSERT_EQ(bytes_of(table.add_multiple({}, k)), wanted) << bits << " " << to_hex(to_big_endian(k));
      ASSERT_EQ(bytes_of(multiply(point_of(point), k)), wanted) << to_hex(to_big_endian(k));
    }
  }
}

TEST_F(PointArithmetic, MultipliesBySecretsAsOpenSslDoes) {
  for (const Limbs& k : scalars()) {
    if (k == Limbs{}) continue;
    const Bytes wanted = expected(k);
    ASSERT_EQ(to_bytes(to_big_endian(secret_multiple_x(k))), Bytes(wanted.begin(), wanted.begin() + 32))
        << to_hex(to_big_endian(k));
  }
}

TEST_F(PointArithmetic, AddsEqualOppositeAndInfinitePoints) {
  const AffinePoint g = base_point();
  const JacobianPoint once = to_jacobian(g);
  // The same point with another z.
  JacobianPoint other = add(twice(once), negate(g));
  EXPECT_NE(other.z, kOne);
  const Bytes two = expected({2, 0, 0, 0});
  EXPECT_EQ(bytes_of(add(other, g)), two);
  EXPECT_EQ(bytes_of(add(other, once)), two);
  EXPECT_EQ(bytes_of(twice(other)), two);
  EXPECT_TRUE(add(other, negate(g)).at_infinity());
  EXPECT_TRUE(add(other, negate(once)).at_infinity());
  EXPECT_TRUE(twice(JacobianPoint{}).at_infinity());
  EXPECT_EQ(bytes_of(add(JacobianPoint{}, g)), bytes_of(once));
  EXPECT_EQ(bytes_of(add(once, JacobianPoint{})), bytes_of(once));
  EXPECT_EQ(bytes_of(add(JacobianPoint{}, once)), bytes_of(once));
}

TEST(KeysThatSignOften, GetATableAndTheSameAnswers) {
  force_backend_for_test(Backend::kTables);
  SeededRandom random(72);
  std::vector<PrivateKey> keys;
  std::vector<Signature> signatures;
  for (std::size_t i = 0; i < kMostKeyTables / 4; ++i) {
    keys.push_back(PrivateKey::generate(SignatureAlgorithm::kSm2Sm3, random).value());
    signatures.push_back(keys.back().sign(as_bytes("m")).value());
  }
  for (unsigned round = 0; round < kUsesBeforeTable + 3; ++round) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ASSERT_TRUE(verify(keys[i].public_key(), as_bytes("m"), signatures[i]));
      ASSERT_FALSE(verify(keys[i].public_key(), as_bytes("n"), signatures[i]));
    }
  }
  // Some share a place, and one of them goes without.
  const auto with_table = std::ranges::count_if(keys, [](const PrivateKey& key) {
    return multiples_of_key(BytesView(key.public_key().bytes).last<64>()) != nullptr;
  });
  EXPECT_GT(with_table, static_cast<std::ptrdiff_t>(keys.size() / 2));
  force_backend_for_test(std::nullopt);
}

TEST(KeysThatSignOften, ShareTheirTableBetweenThreads) {
  SeededRandom random(73);
  const PrivateKey key = PrivateKey::generate(SignatureAlgorithm::kSm2Sm3, random).value();
  const Signature signature = key.sign(as_bytes("m")).value();
  force_backend_for_test(Backend::kTables);
  std::array<int, 4> good{};
  std::vector<std::thread> threads;
  for (int& count : good) {
    threads.emplace_back([&] {
      for (int i = 0; i < 40; ++i) count += verify(key.public_key(), as_bytes("m"), signature) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : good) EXPECT_EQ(count, 40);
  force_backend_for_test(std::nullopt);
}

TEST(KeysThatSignOnce, DoNotTakeThePlaceOfThoseThatSignOften) {
  SeededRandom random(74);
  Bytes often = random.bytes(64);
  Bytes once = random.bytes(64);
  // The same word decides on the place.
  std::copy(often.begin() + 24, often.begin() + 32, once.begin() + 24);
  const auto counted = [](const Bytes& key) { return multiples_of_key(BytesView(key).first<64>()); };
  std::shared_ptr<const Multiples> table;
  for (unsigned i = 0; i < kUsesBeforeTable; ++i) table = counted(often);
  EXPECT_NE(table, nullptr);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(counted(once), nullptr);
  EXPECT_EQ(counted(often), table);
  // An idle key gives way in the end.
  for (unsigned i = 0; i < 200; ++i) table = counted(once);
  EXPECT_NE(table, nullptr);
}

}  // namespace
}  // namespace chancery::crypto::sm2
