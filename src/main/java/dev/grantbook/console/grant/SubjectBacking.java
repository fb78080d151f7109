package dev.grantbook.console.grant;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.connector.Connector;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.subject.Subjects;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Exports or erases a subject of one bot; another bot's subject of the same name may be another person. The page is for
 * users without a grant, of whom invitations and attempts may be stored all the same.
 */
@Named("subjectSheet")
@RequestScoped
public class SubjectBacking {

    @Inject
    BotsBacking bots;

    @Inject
    Subjects subjects;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    @Inject
    @RequestParameterMap
    Map<String, String> parameters;

    private @Nullable Connector connector;
    private @Nullable Subject subject;

    @PostConstruct
    void read() {
        connector = TypedId.parse(parameters.get("connector"), ConnectorId::new)
                .flatMap(bots::find)
                .orElse(null);
        subject = TypedId.parse(parameters.get("subject"), Subject::new)
                .filter(given -> given.value().chars().noneMatch(Character::isISOControl))
                .orElse(null);
    }

    public boolean isFound() {
        return connector != null && subject != null;
    }

    /** Called before the page is shown. */
    public void check() {
        if (!isFound()) {
            AdministratorSession.refuse(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    public void export() {
        if (isFound() && session.mayChange()) {
            export(getConnector().id(), getSubject(), getConnector().id().value());
        }
    }

    public void erase() {
        if (isFound() && session.mayChange()) {
            erase(getConnector().id(), getSubject());
        }
    }

    /** @param about the audit event's object, which names no chat user */
    void export(ConnectorId bot, Subject whose, String about) {
        String all = subjects.export(Set.of(bot), whose).toString();
        session.record(AuditEventKind.SUBJECT_EXPORTED, about);
        FacesContext faces = FacesContext.getCurrentInstance();
        ExternalContext reply = faces.getExternalContext();
        reply.setResponseContentType(MediaType.APPLICATION_JSON);
        reply.setResponseCharacterEncoding("UTF-8");
        reply.setResponseHeader(HttpHeaders.CONTENT_DISPOSITION, Subjects.AS_FILE);
        try {
            reply.getResponseOutputWriter().write(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faces.responseComplete();
    }

    void erase(ConnectorId bot, Subject whose) {
        subjects.erase(Set.of(bot), whose, session.actor())
                .ifPresentOrElse(
                        done -> {
                            session.record(AuditEventKind.SUBJECT_ERASED, done.id());
                            say.tell("subject.erased", done.id());
                        },
                        () -> say.tell("subject.nothing"));
        session.redirect("/console/grants");
    }

    /** Text of the dialog before erasing. */
    public String getErasing() {
        return erasing(
                getSubject(), getConnectorName(), Optional.of(getConnector().provider()));
    }

    /** @param provider empty when it is not in the catalogue any more */
    String erasing(Subject whose, String bot, Optional<Provider> provider) {
        return say.of("subject.erase.text", whose, bot) + " "
                + provider.map(known ->
                                say.of("subject.erase." + known.endNotice().word(), known.name()))
                        .orElse("");
    }

    public Connector getConnector() {
        return Objects.requireNonNull(connector);
    }

    public String getConnectorName() {
        return bots.name(getConnector());
    }

    public Subject getSubject() {
        return Objects.requireNonNull(subject);
    }
}
