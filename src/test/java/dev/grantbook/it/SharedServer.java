package dev.grantbook.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.toSet;

import fish.payara.arquillian.container.payara.managed.PayaraMicroContainerConfiguration;
import fish.payara.arquillian.container.payara.managed.PayaraMicroDeployableContainer;
import java.util.Set;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.container.LifecycleException;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.shrinkwrap.api.Archive;
import org.jspecify.annotations.Nullable;

/**
 * Arquillian's Payara Micro, kept running while the next class deploys an archive of the same name: the classes of a
 * suite share one server. Found through {@code META-INF/services}.
 */
public final class SharedServer extends PayaraMicroDeployableContainer {

    private static final int SECONDS_TO_STOP = 60;

    private @Nullable Archive<?> deployed;
    private @Nullable ProtocolMetaData metaData;
    private Set<ProcessHandle> processes = Set.of();

    @Override
    public void setup(PayaraMicroContainerConfiguration configuration) {
        configuration.setExtraMicroOptions(configuration.getExtraMicroOptions() + " --port " + Deployments.port()
                + " --logtofile " + Deployments.logFile());
        super.setup(configuration);
    }

    @Override
    public @Nullable ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        if (deployed == null || !deployed.getName().equals(archive.getName())) {
            end();
            Set<ProcessHandle> before = children();
            deployed = archive;
            metaData = super.deploy(archive);
            processes = children();
            processes.removeAll(before);
        }
        return metaData;
    }

    /** Does nothing: the next class may want the same. */
    @Override
    public void undeploy(Archive<?> archive) {}

    @Override
    public void stop() throws LifecycleException {
        try {
            end();
        } catch (DeploymentException e) {
            throw new LifecycleException("The server did not stop", e);
        }
    }

    /** Waits for the end, since the next server needs the same port and log. */
    private void end() throws DeploymentException {
        Archive<?> running = deployed;
        if (running != null) {
            deployed = null;
            super.undeploy(running);
            processes.forEach(server ->
                    server.onExit().orTimeout(SECONDS_TO_STOP, SECONDS).join());
        }
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(toSet());
    }

    /** Puts the shared server in the place of Arquillian's own. */
    public static final class Extension implements LoadableExtension {

        @Override
        public void register(ExtensionBuilder builder) {
            builder.override(DeployableContainer.class, PayaraMicroDeployableContainer.class, SharedServer.class);
        }
    }
}
