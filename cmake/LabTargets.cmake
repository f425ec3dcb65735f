# lab_library(NAME SOURCES … [PUBLIC …] [PRIVATE …])
# One library per top-level folder. Includes start at the repository root.
function(lab_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC lab_options ${ARG_PUBLIC}
                                PRIVATE ${ARG_PRIVATE})
endfunction()

# lab_program(NAME SOURCES … LINK …)
function(lab_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE lab_options ${ARG_LINK})
endfunction()

# lab_allocator(PROGRAM): mimalloc in the place of the C library's allocator
# (docs/adr/0046). Sanitizers bring their own.
function(lab_allocator program)
  if(NOT LAB_SANITIZE)
    target_link_libraries(${program} PRIVATE mimalloc)
    target_link_options(${program} PRIVATE -Wl,--no-as-needed)
  endif()
endfunction()

# lab_test(NAME SOURCES … LINK …): a GoogleTest program, one CTest per case.
function(lab_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  lab_program(${name} SOURCES ${ARG_SOURCES} LINK ${ARG_LINK} GTest::gtest_main
              GTest::gmock)
  target_compile_definitions(${name} PRIVATE
    LAB_SOURCE_DIR="${PROJECT_SOURCE_DIR}" LAB_BIN_DIR="${LAB_BIN_DIR}")
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
