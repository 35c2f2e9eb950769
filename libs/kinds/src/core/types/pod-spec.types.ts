import type * as core from 'kubernetes-types/core/v1';

/** The declarations, and what has come since. */
export interface Container extends core.Container {
  readonly restartPolicyRules?: readonly ContainerRestartRule[];
}

export interface ContainerRestartRule {
  readonly action?: string;
  readonly exitCodes?: { readonly operator?: string; readonly values?: readonly number[] };
}

export interface ResourceClaim {
  readonly name: string;
  readonly resourceClaimName?: string;
  readonly resourceClaimTemplateName?: string;
}

export interface PodSpec extends Omit<core.PodSpec, 'containers' | 'initContainers' | 'resourceClaims'> {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly resourceClaims?: readonly ResourceClaim[];
  readonly resources?: core.ResourceRequirements;
  readonly hostnameOverride?: string;
  readonly schedulingGroup?: { readonly podGroupName?: string };
}
