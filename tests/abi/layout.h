/* The memory layout that opb.h promises on x86-64, checked by every compiler mode that a host may
 * use: C99 and C11, C++17 and C++20.  A size or an offset that moves does not compile. */
#include <opb.h>

#define OPB_JOIN_(a, b) a##b
#define OPB_JOIN(a, b) OPB_JOIN_(a, b)
#if defined(__cplusplus) || __STDC_VERSION__ >= 201112L
#include <assert.h>
#define OPB_CHECK(condition) static_assert(condition, #condition)
#else
#define OPB_CHECK(condition) typedef char OPB_JOIN(opb_check_, __LINE__)[(condition) ? 1 : -1]
#endif

OPB_CHECK(OPB_ABI_MAJOR == 1u && OPB_ABI_MINOR == 0u);
OPB_CHECK(OPB_OK == 0 && OPB_E_ARGUMENT == -1 && OPB_E_STATE == -2 && OPB_E_ABI == -3);
OPB_CHECK(OPB_E_MEMORY == -4 && OPB_E_CONFIG == -5 && OPB_E_STORAGE == -6);
OPB_CHECK(OPB_E_LOCKED == -7 && OPB_E_FORKED == -8 && OPB_E_INTERNAL == -9);
OPB_CHECK(OPB_ROLE_CONSUMER == 1u && OPB_ROLE_MERCHANT == 2u && OPB_ROLE_PAYMENT_HANDLER == 4u);

OPB_CHECK(sizeof(opb_status) == 4);
OPB_CHECK(sizeof(opb_role) == 4);
OPB_CHECK(sizeof(opb_wallet) == 8);

OPB_CHECK(sizeof(opb_text) == 16);
OPB_CHECK(offsetof(opb_text, data) == 0);
OPB_CHECK(offsetof(opb_text, size) == 8);

OPB_CHECK(sizeof(opb_blob) == 32);
OPB_CHECK(offsetof(opb_blob, data) == 0);
OPB_CHECK(offsetof(opb_blob, size) == 8);
OPB_CHECK(offsetof(opb_blob, release) == 16);
OPB_CHECK(offsetof(opb_blob, owner) == 24);

OPB_CHECK(sizeof(opb_host) == 40);
OPB_CHECK(offsetof(opb_host, struct_size) == 0);
OPB_CHECK(offsetof(opb_host, abi_major) == 4);
OPB_CHECK(offsetof(opb_host, ctx) == 8);
OPB_CHECK(offsetof(opb_host, software_id) == 16);
OPB_CHECK(offsetof(opb_host, get_service) == 32);

OPB_CHECK(sizeof(opb_host_log) == 8);
OPB_CHECK(sizeof(opb_host_callback) == 8);
OPB_CHECK(sizeof(opb_host_clock) == 8);

OPB_CHECK(sizeof(opb_wallet_config) == 32);
OPB_CHECK(offsetof(opb_wallet_config, struct_size) == 0);
OPB_CHECK(offsetof(opb_wallet_config, roles) == 4);
OPB_CHECK(offsetof(opb_wallet_config, path) == 8);
OPB_CHECK(offsetof(opb_wallet_config, passphrase) == 16);

OPB_CHECK(sizeof(opb_entry_table) == 80);
OPB_CHECK(offsetof(opb_entry_table, struct_size) == 0);
OPB_CHECK(offsetof(opb_entry_table, abi_major) == 4);
OPB_CHECK(offsetof(opb_entry_table, abi_minor) == 8);
OPB_CHECK(offsetof(opb_entry_table, roles) == 12);
OPB_CHECK(offsetof(opb_entry_table, software_id) == 16);
OPB_CHECK(offsetof(opb_entry_table, protocol_id) == 24);
OPB_CHECK(offsetof(opb_entry_table, init) == 32);
OPB_CHECK(offsetof(opb_entry_table, deinit) == 40);
OPB_CHECK(offsetof(opb_entry_table, open) == 48);
OPB_CHECK(offsetof(opb_entry_table, close) == 56);
OPB_CHECK(offsetof(opb_entry_table, call) == 64);
OPB_CHECK(offsetof(opb_entry_table, get_extension) == 72);
