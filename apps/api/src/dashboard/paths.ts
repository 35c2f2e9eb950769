/** All that is the dashboard's. */
export const DASHBOARD_PATH = '/ui';
export const SOCKETS_PATH = '/ui/socket.io/';
