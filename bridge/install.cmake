# What `cmake --install` puts under a prefix: the module, the programs with their man pages, opb.h, the
# schema files, and the two ways of finding them, CMake package and pkg-config.  The tree may be moved
# afterwards.
include(CMakePackageConfigHelpers)

install(TARGETS set-bridge-module LIBRARY DESTINATION lib)
foreach(program set-bridge set-gateway)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION bin)
    install(FILES ${CMAKE_CURRENT_SOURCE_DIR}/programs/man/${program}.1 DESTINATION share/man/man1)
  endif()
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/bridge/include/opb.h DESTINATION include)
install(FILES ${PROJECT_SOURCE_DIR}/schema/iotp_payment_api.dtd
              ${PROJECT_SOURCE_DIR}/schema/iotp_payment_api.xsd
              ${PROJECT_SOURCE_DIR}/schema/iotp_payment_api_namespace.xsd
              ${PROJECT_SOURCE_DIR}/schema/deviations.md
        DESTINATION share/set-bridge/schema)

configure_package_config_file(${PROJECT_SOURCE_DIR}/bridge/SetBridgeConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/SetBridgeConfig.cmake
                              INSTALL_DESTINATION lib/cmake/SetBridge
                              NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/SetBridgeConfigVersion.cmake
                                 COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/SetBridgeConfig.cmake
              ${PROJECT_BINARY_DIR}/SetBridgeConfigVersion.cmake
        DESTINATION lib/cmake/SetBridge)

configure_file(${PROJECT_SOURCE_DIR}/bridge/set-bridge.pc.in ${PROJECT_BINARY_DIR}/set-bridge.pc
               @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/set-bridge.pc DESTINATION lib/pkgconfig)
