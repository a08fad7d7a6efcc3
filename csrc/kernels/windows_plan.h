// What windows and overlap_add are told: known to the rule and to the kernel.
#pragma once
#include "windows.h"

namespace tt {
namespace {

struct WindowsAttrs {
  Slide slide;
  Ints kernel, count;
};

struct OverlapAttrs {
  Slide slide;
  Ints spatial;
};

}  // namespace
}  // namespace tt
