#include "sweeps/statistics/additive_model.hpp"

#include <Eigen/Dense>

namespace lab::sweeps::statistics {

namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

Index index(std::size_t i) { return static_cast<Index>(i); }

} // namespace

struct AdditiveModel::Parts {
  std::vector<std::size_t> counts;
  std::vector<Index> first; // column of each term; mu is column 0
  Matrix levels;            // rows x levels of all terms, 0 or 1
  std::vector<Index> at;    // first column of each term in `levels`
  Matrix coded;             // rows x parameters
  Vector weights;
  Matrix covariance;               // (X' W X)^-1
  Matrix solver;                   // (X' W X)^-1 X' W
  std::vector<Matrix> information; // inverse of each term's covariance block
  bool unique = false;

  /// How a level's effect is made of the parameters of its term.
  Vector contrast(std::size_t term, std::size_t level) const {
    Vector made = Vector::Zero(coded.cols());
    const Index free = index(counts[term]) - 1;
    if (index(level) < free)
      made(first[term] + index(level)) = 1;
    else
      made.segment(first[term], free).setConstant(-1);
    return made;
  }

  Index free_of(std::size_t term) const { return index(counts[term]) - 1; }

  /// tr(A' P A) for the projection P on what a term adds last, A = W^(1/2)
  /// times the given columns.
  double reduction_trace(std::size_t term, const Matrix& columns) const {
    const Matrix seen =
      covariance.middleRows(first[term], free_of(term))
      * (coded.transpose() * (weights.asDiagonal() * columns));
    return (seen.transpose() * information[term] * seen).trace();
  }
};

AdditiveModel::AdditiveModel(std::span<const std::size_t> levels,
                             std::span<const double> weights,
                             std::span<const std::size_t> counts)
  : parts_(std::make_unique<Parts>()) {
  auto& p = *parts_;
  p.counts.assign(counts.begin(), counts.end());
  const Index rows = index(weights.size());
  p.weights = Eigen::Map<const Vector>(weights.data(), rows);
  Index columns = 1;
  Index all_levels = 0;
  for (const auto count : counts) {
    p.first.push_back(columns);
    p.at.push_back(all_levels);
    columns += index(count) - 1;
    all_levels += index(count);
  }
  p.coded = Matrix::Zero(rows, columns);
  p.levels = Matrix::Zero(rows, all_levels);
  p.coded.col(0).setOnes();
  for (Index row = 0; row < rows; ++row)
    for (std::size_t t = 0; t < counts.size(); ++t) {
      const auto level =
        levels[static_cast<std::size_t>(row) * counts.size() + t];
      p.levels(row, p.at[t] + index(level)) = 1;
      p.coded.row(row) += p.contrast(t, level).transpose();
    }
  const Matrix normal = p.coded.transpose() * p.weights.asDiagonal() * p.coded;
  Eigen::FullPivLU<Matrix> solved{normal};
  solved.setThreshold(1e-10);
  p.unique = rows > 0 && solved.isInvertible();
  if (!p.unique)
    return;
  p.covariance = solved.inverse();
  p.solver = p.covariance * p.coded.transpose() * p.weights.asDiagonal();
  for (std::size_t t = 0; t < counts.size(); ++t)
    p.information.push_back(
      p.covariance.block(p.first[t], p.first[t], p.free_of(t), p.free_of(t))
        .inverse());
}

AdditiveModel::~AdditiveModel() = default;

bool AdditiveModel::is_unique() const { return parts_->unique; }

std::size_t AdditiveModel::parameters() const {
  return static_cast<std::size_t>(parts_->coded.cols());
}

void AdditiveModel::fit(std::span<const double> y, Fit& out) const {
  const auto& p = *parts_;
  const Eigen::Map<const Vector> outcome{y.data(), index(y.size())};
  // Less a first guess, so that a large mean costs no digits.
  const double guess = p.weights.dot(outcome) / p.weights.sum();
  const Vector beta = p.solver * (outcome.array() - guess).matrix();
  const Vector fitted = (p.coded * beta).array() + guess;
  out.mean = beta(0) + guess;
  out.residual_squares = p.weights.dot((outcome - fitted).cwiseAbs2());
  out.fitted.assign(fitted.data(), fitted.data() + fitted.size());
  out.effects.resize(p.counts.size());
  out.reductions.resize(p.counts.size());
  for (std::size_t t = 0; t < p.counts.size(); ++t) {
    const Vector mine = beta.segment(p.first[t], p.free_of(t));
    auto& effects = out.effects[t];
    effects.assign(mine.data(), mine.data() + mine.size());
    effects.push_back(-mine.sum());
    out.reductions[t] = mine.dot(p.information[t] * mine);
  }
}

double AdditiveModel::effect_variance(std::size_t term,
                                      std::size_t level) const {
  const Vector c = parts_->contrast(term, level);
  return c.dot(parts_->covariance * c);
}

double AdditiveModel::adjusted_variance(std::size_t term,
                                        std::size_t level) const {
  Vector c = parts_->contrast(term, level);
  c(0) = 1;
  return c.dot(parts_->covariance * c);
}

double AdditiveModel::row_trace() const {
  const auto& p = *parts_;
  double sum = 0;
  for (Index row = 0; row < p.coded.rows(); ++row) {
    const double w = p.weights(row);
    sum +=
      w * w * p.coded.row(row).dot(p.covariance * p.coded.row(row).transpose());
  }
  return sum;
}

double AdditiveModel::level_coefficient(std::size_t term) const {
  const auto& p = *parts_;
  return p.reduction_trace(
    term, p.levels.middleCols(p.at[term], index(p.counts[term])));
}

double AdditiveModel::row_coefficient(std::size_t term) const {
  const auto& p = *parts_;
  // As with columns of an identity, without making one.
  const Matrix seen = p.covariance.middleRows(p.first[term], p.free_of(term))
                      * p.coded.transpose() * p.weights.asDiagonal();
  return (p.information[term] * (seen * seen.transpose())).trace();
}

} // namespace lab::sweeps::statistics
