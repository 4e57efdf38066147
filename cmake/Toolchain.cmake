# Compiler settings that hold for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers are cached only when ccache may ignore the times and defines that they record.
  # Paths count relative to the tree, so that its checkouts and build folders share one cache.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
               CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-fpch-preprocess)
  else()
    # Header times differ on every machine; the header's content is what counts.
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

option(CHANCERY_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(CHANCERY_SANITIZE "" CACHE STRING "address,undefined or thread")
if(CHANCERY_SANITIZE)
  add_compile_options(-fsanitize=${CHANCERY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CHANCERY_SANITIZE})
  add_compile_definitions(CHANCERY_SANITIZED=1)
endif()
if(CHANCERY_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    message(FATAL_ERROR "CHANCERY_FUZZ needs clang: use the preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")
set(CMAKE_CXX_FLAGS_SANITIZE "-O1 -g1")
set(CMAKE_C_FLAGS_SANITIZE "-O1 -g1")

# Hardening: what the compiler and the loader can catch at little cost, also in the shipped build. Bounds of vectors,
# spans and strings are checked everywhere; _FORTIFY_SOURCE would blind the sanitizers and needs optimisation.
add_compile_options(-fstack-protector-strong)
add_compile_definitions(_GLIBCXX_ASSERTIONS $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64)
  add_compile_options(-fcf-protection)
endif()
if(NOT CHANCERY_SANITIZE)
  add_compile_options(-fstack-clash-protection)
  include(CheckPIESupported)
  check_pie_supported()
endif()
add_link_options(LINKER:-z,relro,-z,now,-z,noexecstack)

# Warnings for our own code; generated and outside code is included as SYSTEM.
add_library(chancery_warnings INTERFACE)
target_compile_options(chancery_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                   -Wno-sign-conversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  # clang does not see that libstdc++ 12's stable_sort calls its own deprecated function. gcc still tells us about ours.
  target_compile_options(chancery_warnings INTERFACE -Wno-deprecated-declarations)
endif()
