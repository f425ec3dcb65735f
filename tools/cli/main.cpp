#include <csignal>
#include <filesystem>
#include <iostream>

#include "tools/cli/program.hpp"

int main(int argc, char** argv) {
  // A reader that goes away (`| head`) ends the output, not the work.
  std::signal(SIGPIPE, SIG_IGN);
  std::error_code error;
  const auto directory = std::filesystem::current_path(error);
  if (error) {
    std::cerr << "error[R602]: the current folder cannot be read: "
              << error.message() << "\n";
    return static_cast<int>(lab::tools::ExitCode::not_found);
  }
  const lab::tools::Surroundings around{
    std::cout, std::cerr, lab::tools::process_streams(),
    lab::llm::process_environment(), directory.string()};
  return static_cast<int>(lab::tools::run_program({argv, argv + argc}, around));
}
