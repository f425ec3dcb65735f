# LAB_SANITIZE is set by the presets: "address,undefined", "thread" or empty.
set(LAB_SANITIZE "" CACHE STRING "sanitizers, as -fsanitize= takes them")
if(LAB_SANITIZE)
  # Recoverable checks: UBSan's suppressions work in no other way. The tests
  # run with halt_on_error=1, so a finding still fails them.
  target_compile_options(lab_options INTERFACE -fsanitize=${LAB_SANITIZE}
    -fno-omit-frame-pointer)
  target_link_options(lab_options INTERFACE -fsanitize=${LAB_SANITIZE})
endif()

# For whoever compiles Asio.
add_library(asio_options INTERFACE)
if(LAB_SANITIZE MATCHES thread)
  # The sanitizer does not know fences; Asio's locks say the same to it.
  target_compile_definitions(asio_options INTERFACE
    BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()
