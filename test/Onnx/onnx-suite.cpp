//===- onnx-suite.cpp - Runs folders of ONNX tests ---------*- C++ -*- -===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   onnx-suite --results FILE [--jobs N] [--cache DIR] [--only TEXT]
//              [SOURCE=]FOLDER...
//
// Runs every test below the folders, each in a process of its own, so that one
// that crashes or hangs is one failed test. Writes one line per test, in the
// order of the folders: source, test, operators, element types of inputs and
// outputs, status, message, separated by tabs. suite.py judges them.
//
//===----------------------------------------------------------------------===//
#include "test/Onnx/OnnxTest.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
namespace cl = llvm::cl;

constexpr unsigned kSecondsPerTest = 120;
/// What a pipe takes without a reader; longer lines are cut.
constexpr size_t kLongestLine = 4000;

struct Test {
  std::string source, name, folder;
  std::string line; ///< operators, types, status, message
};

std::vector<Test> findTests(const std::vector<std::string> &roots,
                            const std::string &only) {
  std::vector<Test> tests;
  for (const std::string &root : roots) {
    size_t equals = root.find('=');
    std::string source =
        equals == std::string::npos ? "" : root.substr(0, equals);
    std::string path =
        equals == std::string::npos ? root : root.substr(equals + 1);
    size_t first = tests.size();
    std::error_code code;
    for (const fs::directory_entry &entry :
         fs::directory_iterator(path, code)) {
      std::string name = entry.path().filename().string();
      if (fs::exists(entry.path() / "model.onnx") &&
          name.find(only) != std::string::npos)
        tests.push_back({source, name, entry.path().string(), ""});
    }
    if (code) {
      llvm::errs() << path << ": " << code.message() << "\n";
      exit(1);
    }
    std::sort(tests.begin() + first, tests.end(),
              [](const Test &a, const Test &b) { return a.name < b.name; });
  }
  return tests;
}

std::string oneLine(std::string text) {
  for (char &c : text)
    if (c == '\n' || c == '\t')
      c = ' ';
  return text.substr(0, kLongestLine);
}

std::string join(const std::set<std::string> &words) {
  return oneLine(llvm::join(words, " "));
}

/// Runs a test in this process and writes its line.
void runInChild(const Test &test, int output) {
  alarm(kSecondsPerTest);
  shiftadd::test::ModelSummary summary = shiftadd::test::summarize(test.folder);
  // What the model is about is known even if the test crashes.
  auto send = [output](const std::string &text) {
    return write(output, text.data(), text.size()) == ssize_t(text.size());
  };
  bool sent = send(join(summary.operators) + "\t" + join(summary.types) + "\t");
  shiftadd::test::TestResult result = shiftadd::test::runTest(test.folder);
  sent = sent && send(result.status + "\t" + oneLine(result.message));
  _exit(sent ? 0 : 1);
}

struct Child {
  size_t test;
  int input;
};

std::string readAll(int file) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(file, buffer, sizeof(buffer))) > 0;)
    text.append(buffer, size_t(got));
  close(file);
  return text;
}

/// The child's text, completed when it ended early.
std::string finish(const std::string &text, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return text;
  size_t tab = text.find('\t');
  tab = tab == std::string::npos ? tab : text.find('\t', tab + 1);
  std::string model = tab == std::string::npos ? "\t" : text.substr(0, tab);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    return model + "\ttimeout\tno result after " +
           std::to_string(kSecondsPerTest) + " s";
  std::string how = WIFSIGNALED(status)
                        ? std::string(strsignal(WTERMSIG(status)))
                        : "exit code " + std::to_string(WEXITSTATUS(status));
  return model + "\tcrash\t" + how;
}

bool start(const std::vector<Test> &tests, size_t index,
           std::map<pid_t, Child> &children) {
  int ends[2];
  if (pipe(ends))
    return false;
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    runInChild(tests[index], ends[1]);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return false;
  }
  children[child] = {index, ends[0]};
  return true;
}

bool runTests(std::vector<Test> &tests, unsigned jobs) {
  std::map<pid_t, Child> children;
  size_t next = 0, done = 0;
  while (done < tests.size()) {
    if (next < tests.size() && children.size() < jobs) {
      if (!start(tests, next++, children))
        return false;
      continue;
    }
    int status = 0;
    auto child = children.find(waitpid(-1, &status, 0));
    if (child == children.end())
      continue;
    Test &test = tests[child->second.test];
    test.line = finish(readAll(child->second.input), status);
    children.erase(child);
    ++done;
    if (isatty(STDERR_FILENO))
      llvm::errs() << "\r\x1b[K" << done << "/" << tests.size() << " "
                   << test.name;
  }
  if (isatty(STDERR_FILENO))
    llvm::errs() << "\r\x1b[K";
  return true;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::opt<std::string> results("results", cl::Required,
                               cl::desc("File for one line per test"));
  cl::opt<unsigned> jobs("jobs", cl::init(2), cl::desc("Tests at a time"));
  cl::opt<std::string> cache("cache", cl::desc("Folder of the kernel cache"));
  cl::opt<std::string> only("only",
                            cl::desc("Only tests with this in the name"));
  cl::list<std::string> folders(cl::Positional, cl::OneOrMore,
                                cl::desc("[SOURCE=]FOLDER..."));
  cl::ParseCommandLineOptions(argc, argv, "Runs folders of ONNX tests\n");

  // The compiler's kernel cache is found below this.
  if (!cache.empty())
    setenv("XDG_CACHE_HOME", fs::absolute(cache.getValue()).c_str(), 1);
  std::vector<Test> tests = findTests(folders, only);
  if (!runTests(tests, std::max(jobs.getValue(), 1u))) {
    llvm::errs() << "onnx-suite: cannot start a process\n";
    return 1;
  }
  std::error_code code;
  llvm::raw_fd_ostream output(results, code);
  if (code) {
    llvm::errs() << results << ": " << code.message() << "\n";
    return 1;
  }
  for (const Test &test : tests)
    output << test.source << "\t" << test.name << "\t" << test.line << "\n";
  return 0;
}
