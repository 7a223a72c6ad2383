package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Reporter;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceReportBuilder;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.status.DataSourceStatus;
import java.util.function.Supplier;

/**
 * What a data source reports about itself. Thread-safe.
 *
 * @param status read for each report
 * @param held its digest is part of the reports
 * @param afterEach runs after each report that was written or couldn't be; must neither block nor throw
 */
record ReportedDataSource(Supplier<DataSourceStatus> status, HeldProof held, Runnable afterEach)
        implements Reporter.Subject {
    @Override
    public InstanceReportBuilder describe() {
        DataSourceStatus now = status.get();
        return InstanceReport.builder(now.database(), now.service(), now.instance())
                .state(now.state())
                .version(now.version())
                .acknowledgedVersion(now.acknowledgedVersion())
                .endpoint(now.endpoint().map(Endpoint::toString).orElse(""))
                .pollInterval(now.pollInterval())
                .since(now.since())
                .pool(now.pool())
                .cutConnections(now.cutConnections())
                .lastError(now.problem())
                .server(now.server())
                .problem(now.poolProblem())
                .refusedVersion(now.refusedVersion())
                .heldCommitment(held.commitment());
    }

    @Override
    public void written(InstanceReport report) {
        held.written(report.heldCommitment());
    }

    @Override
    public void tried() {
        afterEach.run();
    }
}
