package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.console.ListAddress;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.grant.installation.Installation;
import dev.grantbook.grant.installation.Installations;
import dev.grantbook.grant.installation.Installations.InstallationCursor;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;

/** Where the bots are installed, a page at a time. */
@Named("installationList")
@RequestScoped
public class InstallationsBacking {

    private static final int PAGE = 50;

    @Inject
    Installations installations;

    @Inject
    Connectors connectors;

    @Inject
    TextsBacking say;

    @Inject
    @RequestParameterMap
    Map<String, String> parameters;

    private List<Installation> rows = List.of();
    private String first = "";
    private String next = "";

    @PostConstruct
    void load() {
        var asked = new ListAddress(parameters, "/console/installations");
        String after = asked.cursor(text -> InstallationCursor.parse(text).isPresent());
        Installations.InstallationPage part =
                installations.page(null, null, InstallationCursor.parse(after).orElse(null), PAGE);
        rows = part.installations();
        first = asked.first();
        next = part.next() == null ? "" : asked.page(part.next().cursor());
    }

    /** What people call the connector. */
    public String bot(Installation installation) {
        return connectors
                .find(installation.connector())
                .map(Connector::name)
                .map(name -> name.in(say.locale()))
                .orElse(installation.connector());
    }

    public List<Installation> getRows() {
        return rows;
    }

    /** Where the next page is; empty at the end. */
    public String getNext() {
        return next;
    }

    /** The first page; empty on it. */
    public String getFirst() {
        return first;
    }
}
