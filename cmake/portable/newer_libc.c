// What GCC 12's runtime and Debian's static libraries call of a C library newer than the one that
// the portable program is linked with. glibc promises what these functions do and that they stay.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

// glibc 2.32. False is always a right answer: locks are taken then.
char __libc_single_threaded = 0;

// glibc 2.36. Never fails there, either.
uint32_t arc4random(void) {
  uint32_t number;
  if (getentropy(&number, sizeof number) != 0) abort();
  return number;
}

// glibc 2.33: mallinfo with sizes of 64 bits, of which LLVM only prints the sum.
struct mallinfo2 mallinfo2(void) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  const struct mallinfo old = mallinfo();
#pragma GCC diagnostic pop
  struct mallinfo2 wide = {0};
  wide.hblkhd = (unsigned)old.hblkhd;
  wide.uordblks = (unsigned)old.uordblks;
  wide.fordblks = (unsigned)old.fordblks;
  wide.arena = (unsigned)old.arena;
  return wide;
}

// glibc 2.35: the loaded object that an address is in, which is how an exception finds its way.
struct Search {
  uintptr_t address;
  struct dl_find_object* found;
};

static int Look(struct dl_phdr_info* object, size_t size, void* data) {
  (void)size;
  struct Search* search = data;
  uintptr_t first = UINTPTR_MAX;
  uintptr_t end = 0;
  int inside = 0;
  void* frames = NULL;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)* part = &object->dlpi_phdr[i];
    const uintptr_t begin = object->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_GNU_EH_FRAME) frames = (void*)begin;
    if (part->p_type != PT_LOAD) continue;
    if (begin < first) first = begin;
    if (begin + part->p_memsz > end) end = begin + part->p_memsz;
    if (search->address >= begin && search->address < begin + part->p_memsz) inside = 1;
  }
  if (!inside || frames == NULL) return 0;
  memset(search->found, 0, sizeof *search->found);
  search->found->dlfo_map_start = (void*)first;
  search->found->dlfo_map_end = (void*)end;
  search->found->dlfo_eh_frame = frames;
  return 1;
}

int _dl_find_object(void* address, struct dl_find_object* result) {
  struct Search search = {(uintptr_t)address, result};
  return dl_iterate_phdr(Look, &search) == 1 ? 0 : -1;
}

// glibc 2.29 made new versions of these, which no longer set errno through a handler of the program;
// those of 2.2.5 give the same numbers.
#define OLD_VERSION(function)                                  \
  __asm__(".symver old_" #function ", " #function "@GLIBC_2.2.5"); \
  extern double old_##function
OLD_VERSION(pow)(double, double);
OLD_VERSION(exp)(double);
OLD_VERSION(log)(double);
OLD_VERSION(log2)(double);
OLD_VERSION(exp2)(double);
double __wrap_pow(double base, double power) { return old_pow(base, power); }
double __wrap_exp(double power) { return old_exp(power); }
double __wrap_log(double number) { return old_log(number); }
double __wrap_log2(double number) { return old_log2(number); }
double __wrap_exp2(double power) { return old_exp2(power); }
