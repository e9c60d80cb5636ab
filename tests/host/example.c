/* The smallest host: opens a wallet, asks one question, prints the answer.
 * example MODULE WALLET_DIR REQUEST.xml */
#include <dlfcn.h>
#include <opb.h>
#include <stdio.h>

static const void *no_service(const opb_host *host, const char *id) {
  return (void)host, (void)id, NULL;
}

int main(int argc, char **argv) {
  static char request[1 << 20];
  const opb_host host = {sizeof host, OPB_ABI_MAJOR, NULL, {"me, example, 1, 1", 17}, no_service};
  opb_wallet_config config = {sizeof config, OPB_ROLE_CONSUMER, NULL, {NULL, 0}};
  opb_blob text = {NULL, 0, NULL, NULL};
  opb_wallet wallet;
  FILE *file = argc == 4 ? fopen(argv[3], "rb") : NULL;
  if (file == NULL) return fputs("example MODULE WALLET_DIR REQUEST.xml\n", stderr), 2;
  void *module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (module == NULL) return fprintf(stderr, "%s\n", dlerror()), 2;
  const opb_entry_table *bridge = dlsym(module, "opb_entry");
  if (bridge == NULL || bridge->abi_major != OPB_ABI_MAJOR || bridge->init() != OPB_OK)
    return fputs("no bridge, or one that this host does not know\n", stderr), 2;
  config.path = argv[2];
  opb_status status = bridge->open(&host, &config, &wallet, &text);
  if (status == OPB_OK) {
    const opb_text question = {request, fread(request, 1, sizeof request, file)};
    status = bridge->call(wallet, question, &text);
    bridge->close(wallet);
  }
  fwrite(text.data, 1, text.size, status == OPB_OK ? stdout : stderr);
  if (text.release != NULL) text.release(&text);
  bridge->deinit();
  return status == OPB_OK ? 0 : 1;
}
