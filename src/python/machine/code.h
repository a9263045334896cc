// Instructions: what a body of a file (a module, a class, a function, a comprehension) is compiled
// to when it is first run. Names of functions are slots of a frame by then.
//
// At the boundary of two statements the stack of a frame is empty: iterators of loops, context
// managers and caught exceptions are in slots of their own. So an exception handler is a range of
// instructions and a slot for the exception.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "python/machine/value.h"
#include "python/syntax_tree.h"
#include "wcheck/source_file.h"

namespace wcheck::machine {

using python::Node;

enum class Op : uint8_t {
  kConst,  // a: constant
  kPop,
  kDup,
  kDup2,
  kRotate2,
  kRotate3,
  kLoadFast,  // a: slot
  kStoreFast,
  kDeleteFast,
  kLoadCell,
  kStoreCell,
  kDeleteCell,
  kLoadClosure,  // the cell itself
  kMakeCell,     // a: slot, whose value moves into a new cell
  kLoadGlobal,   // a: name
  kStoreGlobal,
  kDeleteGlobal,
  kLoadName,
  kStoreName,
  kDeleteName,
  kLoadClassCell,  // a: slot, b: name
  kLoadAttribute,  // a: name
  kStoreAttribute,
  kDeleteAttribute,
  kLoadMethod,  // a: name; leaves function and self, or the attribute and null
  kCallMethod,  // a: positional arguments, b: constant with the tuple of keywords, or kNoKeywords
  kCall,
  kCallExtended,  // under it: callee, list, dict
  kDecorate,      // calls with one argument; an unknown decorator leaves it as it is
  kLoadIndex,
  kStoreIndex,
  kDeleteIndex,
  kBinary,   // a: python::Op
  kInPlace,  // likewise
  kUnary,
  kCompare,
  kNot,
  kBuildTuple,  // a: items
  kBuildList,
  kBuildSet,
  kBuildDict,  // a: pairs
  kBuildSlice,
  kBuildString,   // a: parts, all strings or unknown
  kFormat,        // a: conversion character or 0, b: 1 if a specification is on the stack
  kAppendToSlot,  // a: slot with a list
  kAddToSlot,     // a set
  kSetInSlot,     // a dict: key, value on the stack
  kListAppend,    // list, item -> list
  kListExtend,    // list, iterable -> list
  kSetAdd,
  kSetUpdate,
  kDictSet,     // dict, key, value -> dict
  kDictUpdate,  // dict, mapping -> dict
  kDictMerge,   // the same for a call: a key twice is an error
  kListToTuple,
  kUnpack,          // a: targets
  kUnpackStarred,   // a: targets before, b: targets after
  kJump,            // a: instruction
  kJumpIfFalse,     // pops
  kJumpIfTrue,      // pops
  kJumpIfFalseKeep, // pops unless it jumps
  kJumpIfTrueKeep,
  kGetIterator,
  kNext,  // a: slot with the iterator; skips the jump behind it, unless it is at its end
  kMakeFunction,  // a: code, b: flags; see MakeFunctionFlag
  kBuildClass,    // callee, list, dict as kCallExtended; the list begins with body and name
  kReturn,
  kYield,
  kYieldFrom,  // a: slot with the iterator; the value to send is on the stack
  kAwait,
  kRaise,      // a: 0 to 2 operands
  kReraise,    // a: slot
  kMatches,    // exception, class -> bool
  kEnter,      // a: slot with the manager
  kExit,       // a: slot; no exception
  kExitRaise,  // a: slot, b: slot with the exception; leaves whether it is swallowed
  kImport,     // a: constant (module name), b: flags, see ImportFlag
  kImportFrom, // a: constant (module name), b: name
  kImportStar,
  kAssertFailed,
  kUnknownValue,  // a: constant with the reason
  kResolve,       // what an import has bound, at once
};

inline constexpr uint32_t kNoKeywords = 0xffff;

enum MakeFunctionFlag : uint16_t {
  kHasDefaults = 1,         // a tuple
  kHasKeywordDefaults = 2,  // a dict
  kHasClosure = 4,          // a tuple of cells, in a tuple's place on the stack
};

enum ImportFlag : uint16_t { kImportFirst = 1, kImportNow = 2 };

struct Instruction {
  Op op;
  uint16_t b = 0;
  uint32_t a = 0;
};

// A source file of a package, parsed once a run.
struct ModuleFile {
  std::string name;  // dotted
  std::unique_ptr<SourceFile> source;
  python::SyntaxTree tree;
  bool package = false;
  bool future_annotations = false;
  bool failed = false;  // not readable as Python
  std::unordered_map<std::string_view, const Node*> top_level;  // names that its statements bind
  std::vector<std::string> stars;  // modules of `from … import *`, resolved
  std::vector<std::unique_ptr<Code>> codes;
};

struct Scope;

struct Code {
  enum class Of : uint8_t { kModule, kClass, kFunction, kLambda, kComprehension, kAnnotations };

  Code();
  ~Code();

  Of of = Of::kFunction;
  bool compiled = false;
  bool generator = false;
  bool coroutine = false;
  ModuleFile* file = nullptr;
  const Node* node = nullptr;
  Scope* scope = nullptr;  // null until it is analyzed
  std::unique_ptr<Scope> owned_scope;
  Str* name = nullptr;
  Str* qualified_name = nullptr;
  Str* class_name = nullptr;  // of the class around it

  // Parameters are the first slots: positional, keyword-only, *, **.
  uint16_t positional_only = 0;
  uint16_t positional = 0;  // with the positional-only ones
  uint16_t keyword_only = 0;
  bool star = false;
  bool double_star = false;
  std::vector<Str*> slot_names;
  uint32_t first_free = 0;
  std::vector<std::string_view> frees;
  uint32_t slots = 0;
  uint32_t stack = 0;

  std::vector<Instruction> instructions;
  std::vector<const Node*> nodes;  // of each instruction
  std::vector<Value> constants;
  std::vector<Str*> names;
  std::vector<Code*> codes;
  struct Handler {
    uint32_t begin, end, target, slot;
  };
  std::vector<Handler> handlers;  // inner ones first
  // Of a module: the statements, for what happens if one cannot be evaluated.
  struct Statement {
    uint32_t begin, end;
    const Node* node;
  };
  std::vector<Statement> statements;
  Code* annotations = nullptr;  // of a class

  size_t parameters() const { return size_t{positional} + keyword_only + star + double_star; }
};

}  // namespace wcheck::machine
