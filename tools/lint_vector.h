// Included before everything else when clang-tidy runs. GCC 12's std::vector is constexpr, and clang
// instantiates such constructors where a class that holds a vector of itself (a JSON value) is not
// complete yet, which GCC does not. Nothing here computes vectors at compile time.
#include <algorithm>
#include <memory>
#include <string>

#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
#define __fill_a1 __fill_bits  // vector<bool>'s overload, declared constexpr by <algorithm>
#include <vector>
#undef __fill_a1
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR constexpr
