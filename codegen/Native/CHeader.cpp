//===- CHeader.cpp - The C header of a compiled model ---------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tensor names of ONNX are free text. They appear as they are in comments, with
// what could end a comment or a line replaced, and as identifiers made of their
// letters and digits. The usage shown is that of shiftadd/runtime.h.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/Library.h"
#include "codegen/Native/OutputFile.h"
#include "runtime/model/description.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace shiftadd::native {
namespace {

std::string upperCase(llvm::StringRef text) {
  std::string result;
  for (char c : text)
    result += llvm::isAlnum(c) ? llvm::toUpper(c) : '_';
  return result;
}

/// Upper-case letters, digits and underscores; starts with a letter.
std::string identifier(llvm::StringRef text) {
  std::string result = upperCase(text);
  if (result.empty() || !llvm::isAlpha(result.front()))
    result.insert(0, "M_");
  return result;
}

std::string commentText(llvm::StringRef text) {
  std::string result;
  for (char c : text) {
    // "*/" ends a comment, "/*" in one is a warning, "\" and "?" can join
    // lines.
    bool harmful = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ||
                   c == '\\' || c == '?' ||
                   (!result.empty() && ((result.back() == '*' && c == '/') ||
                                        (result.back() == '/' && c == '*')));
    result += harmful ? '_' : c;
  }
  return result;
}

struct TypeNames {
  llvm::StringRef element; ///< as a C programmer stores it
  uint64_t bytes;
};

TypeNames typeNames(int32_t type) {
  switch (type) {
  case SHIFTADD_BOOL:
    return {"bool (uint8_t, 0 or 1)", 1};
  case SHIFTADD_INT8:
    return {"int8_t", 1};
  case SHIFTADD_INT16:
    return {"int16_t", 2};
  case SHIFTADD_INT32:
    return {"int32_t", 4};
  case SHIFTADD_INT64:
    return {"int64_t", 8};
  case SHIFTADD_UINT8:
    return {"uint8_t", 1};
  case SHIFTADD_UINT16:
    return {"uint16_t", 2};
  case SHIFTADD_UINT32:
    return {"uint32_t", 4};
  case SHIFTADD_UINT64:
    return {"uint64_t", 8};
  case SHIFTADD_FLOAT16:
    return {"float16 (IEEE binary16)", 2};
  case SHIFTADD_BFLOAT16:
    return {"bfloat16", 2};
  case SHIFTADD_FLOAT32:
    return {"float", 4};
  case SHIFTADD_FLOAT64:
    return {"double", 8};
  default:
    return {"unknown type", 1};
  }
}

class HeaderWriter {
public:
  HeaderWriter(const ModelImage &model, llvm::StringRef modelName,
               llvm::raw_ostream &stream)
      : model(model), modelName(commentText(modelName)),
        prefix(identifier(modelName)), stream(stream) {}
  void write();

private:
  std::string tensorPrefix(llvm::StringRef kind, const TensorImage &tensor) {
    return llvm::formatv("{0}_{1}_{2}", prefix, kind, upperCase(tensor.name));
  }
  void describe(llvm::StringRef kind, const std::vector<TensorImage> &tensors);
  void define(llvm::StringRef kind, const std::vector<TensorImage> &tensors);

  const ModelImage &model;
  std::string modelName;
  std::string prefix;
  llvm::raw_ostream &stream;
};

void HeaderWriter::describe(llvm::StringRef kind,
                            const std::vector<TensorImage> &tensors) {
  for (auto [index, tensor] : llvm::enumerate(tensors)) {
    stream << " *   " << kind << ' ' << index << ": \""
           << commentText(tensor.name) << "\", "
           << typeNames(tensor.type).element << " [";
    llvm::ListSeparator separator;
    for (int64_t extent : tensor.shape) {
      stream << separator;
      if (extent < 0)
        stream << "N";
      else
        stream << extent;
    }
    stream << "], " << tensor.bytes << " bytes"
           << (model.freeBatch ? " per sample" : "");
    if (!tensor.requiredValue.empty())
      stream << ", fixed when the model was compiled";
    stream << '\n';
  }
}

void HeaderWriter::define(llvm::StringRef kind,
                          const std::vector<TensorImage> &tensors) {
  stream << "\n#define " << prefix << '_' << kind << "_COUNT " << tensors.size()
         << '\n';
  llvm::StringSet<> used;
  for (auto [index, tensor] : llvm::enumerate(tensors)) {
    std::string name = tensorPrefix(kind, tensor);
    // Different names may share their letters and digits.
    while (!used.insert(name).second)
      name += llvm::formatv("_{0}", index);
    stream << "#define " << name << "_INDEX " << index << '\n'
           << "#define " << name << "_ELEMENTS "
           << tensor.bytes / typeNames(tensor.type).bytes << '\n'
           << "#define " << name << "_BYTES " << tensor.bytes << '\n';
  }
}

void HeaderWriter::write() {
  stream << "/* The tensors of the compiled model \"" << modelName << "\".\n"
         << " *\n";
  describe("input", model.inputs);
  describe("output", model.outputs);
  stream << " *\n"
            " * Tensors are dense and row-major; a buffer needs only the "
            "alignment of its\n"
            " * elements. "
         << (model.freeBatch
                 ? "N, the batch, is chosen at every run; _ELEMENTS and _BYTES "
                   "below\n * count one sample.\n"
                 : "The batch given to shiftadd_run is 1.\n")
         << " *\n"
            " * With shiftadd/runtime.h, which documents all functions:\n"
            " *\n"
            " *   shiftadd_model *model;\n"
            " *   shiftadd_session *session;\n"
            " *   if (shiftadd_open(\"./"
         << modelName
         << ".so\", &model) ||\n"
            " *       shiftadd_create(model, &session))\n"
            " *     puts(shiftadd_last_error(NULL));\n"
            " *   const void *inputs["
         << prefix
         << "_INPUT_COUNT];\n"
            " *   void *outputs["
         << prefix << "_OUTPUT_COUNT];\n";
  if (!model.inputs.empty())
    stream << " *   inputs[" << tensorPrefix("INPUT", model.inputs[0])
           << "_INDEX] = your_input;\n";
  if (!model.outputs.empty())
    stream << " *   outputs[" << tensorPrefix("OUTPUT", model.outputs[0])
           << "_INDEX] = your_output;\n";
  stream << " *   if (shiftadd_run(session, inputs, outputs, 1))\n"
            " *     puts(shiftadd_last_error(session));\n"
            " */\n"
            "#ifndef "
         << prefix << "_MODEL_H\n#define " << prefix << "_MODEL_H\n";
  define("INPUT", model.inputs);
  define("OUTPUT", model.outputs);
  stream << "\n#endif /* " << prefix << "_MODEL_H */\n";
}

} // namespace

llvm::Error writeCHeader(const ModelImage &model, llvm::StringRef path,
                         llvm::StringRef modelName) {
  return writeOutputFile(path, OutputKind::Data,
                         [&](llvm::raw_ostream &stream) {
                           HeaderWriter(model, modelName, stream).write();
                           return llvm::Error::success();
                         });
}

} // namespace shiftadd::native
