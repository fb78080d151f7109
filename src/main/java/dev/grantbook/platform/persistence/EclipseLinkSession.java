package dev.grantbook.platform.persistence;

import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * The one place that knows EclipseLink; other providers of JPA do not read the property that names it. When the
 * database is gone, EclipseLink would try a query again for half a minute, with the user looking at a blank page. The
 * pool already replaces connections that died.
 */
public class EclipseLinkSession implements SessionCustomizer {

    @Override
    public void customize(Session session) {
        ((DatabaseLogin) session.getDatasourceLogin()).setQueryRetryAttemptCount(0);
    }
}
