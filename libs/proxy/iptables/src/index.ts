export { type IptablesOptions, iptablesDataplane } from './iptables-dataplane.ts';
