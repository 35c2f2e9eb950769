import type { Metrics } from '@kubernest/kit';
import { Module } from '@nestjs/common';
import type { ApiAccess } from '../api-access/api-access.ts';
import type { RemoteApi } from '../config/config.ts';
import { API_ACCESS, APISERVER_CONFIG, METRICS, MONITORING } from '../tokens.ts';
import { monitoring } from './monitoring.ts';

@Module({
  providers: [
    {
      provide: MONITORING,
      inject: [APISERVER_CONFIG, API_ACCESS, METRICS],
      // Whose credential it is, is what its file says.
      useFactory: ({ monitoring: config }: RemoteApi, access: ApiAccess, metrics: Metrics) =>
        monitoring({ config, client: access.as('system:kube-controller-manager'), metrics }),
    },
  ],
  exports: [MONITORING],
})
export class MonitoringModule {}
