package dev.grantbook.imports;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.imports.ImportItem.ImportItemState;
import dev.grantbook.imports.Imports.Progress;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows the progress of an import. */
@Path("imports/{id}")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ImportsResource {

    @Inject
    Imports imports;

    @Inject
    Caller caller;

    /** Hides imports of other keys: they may be about connectors that this key may not use. */
    @GET
    public JsonObject show(@PathParam("id") String id) {
        caller.require(Permission.IMPORT);
        return imports.progress(id)
                .filter(progress -> progress.made().madeBy().equals(caller.actor()))
                .map(ImportsResource::describe)
                .orElseThrow(() -> Problem.of(404, "unknown-import", "This API key has made no import with this id.")
                        .exception());
    }

    static JsonObject describe(Progress progress) {
        Import made = progress.made();
        long waiting = progress.counts().getOrDefault(ImportItemState.WAITING, 0L);
        long imported = progress.counts().getOrDefault(ImportItemState.IMPORTED, 0L);
        long failed = progress.counts().getOrDefault(ImportItemState.FAILED, 0L);
        return RecordJson.write(new ProgressJson(
                made.id(),
                made.createdAt(),
                made.total(),
                waiting,
                imported,
                failed,
                made.total() - waiting - imported - failed,
                progress.failed().stream()
                        .map(item -> new FailureJson(item.number(), item.connector(), item.subject(), item.trouble()))
                        .toList()));
    }

    private record ProgressJson(
            String id,
            Instant createdAt,
            int total,
            long waiting,
            long imported,
            long failed,
            long forgotten,
            List<FailureJson> errors) {}

    private record FailureJson(int item, ConnectorId connector, Subject subject, ImportItem.@Nullable Trouble error) {}
}
