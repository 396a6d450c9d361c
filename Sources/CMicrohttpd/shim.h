#pragma once
#include <microhttpd.h>

// Swift cannot call C functions with variable arguments: one inline function for each shape used.

/// Starts a daemon with an array of options that ends with MHD_OPTION_END.
static inline struct MHD_Daemon *MHDStartDaemon(
    unsigned int flags, uint16_t port, MHD_AccessHandlerCallback handler, void *context,
    const struct MHD_OptionItem *options) {
  return MHD_start_daemon(flags, port, NULL, NULL, handler, context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/// The socket of a connection, or -1.
static inline int MHDConnectionSocket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

/// The port a daemon listens on, or 0.
static inline uint16_t MHDDaemonPort(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info ? info->port : 0;
}
