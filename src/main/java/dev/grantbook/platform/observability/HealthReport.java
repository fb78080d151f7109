package dev.grantbook.platform.observability;

import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.observability.ReadinessCheck.CheckResult;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Reports whether this node lives and is ready, in the form of MicroProfile Health, on every server at the same
 * address. Each address is mapped by itself: Payara maps {@code /health/*} of an application at the root to a servlet
 * of its own, and the longer mapping wins.
 */
@WebServlet({"/health", HealthReport.LIVE, "/health/ready"})
public class HealthReport extends HttpServlet {

    private static final long serialVersionUID = 1L;

    static final String LIVE = "/health/live";

    @Inject
    @Any
    transient Instance<ReadinessCheck> checks;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<CheckResult> results = request.getServletPath().equals(LIVE)
                ? List.of()
                : checks.stream().map(ReadinessCheck::check).toList();
        boolean up = results.stream().allMatch(CheckResult::up);
        response.setStatus(up ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json;charset=UTF-8");
        response.getWriter().write(json(up, results));
    }

    private static String json(boolean up, List<CheckResult> results) {
        var checks = Json.createArrayBuilder();
        for (CheckResult result : results) {
            checks.add(Json.createObjectBuilder()
                    .add("name", result.name())
                    .add("status", status(result.up()))
                    .add("data", Json.createObjectBuilder(result.data())));
        }
        return Json.createObjectBuilder()
                .add("status", status(up))
                .add("checks", checks)
                .build()
                .toString();
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
