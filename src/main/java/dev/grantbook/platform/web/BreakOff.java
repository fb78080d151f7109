package dev.grantbook.platform.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lets a reply that has begun break off, so that nobody takes its beginning for the whole. The Servlet API has no word for
 * that, and Payara ends a reply properly whatever is thrown; so its own objects are asked to close the connection. They are
 * reached by their names: another server is left to what it does with an exception.
 */
public class BreakOff extends HttpFilter {

    private static final Logger LOG = Logger.getLogger(BreakOff.class.getName());

    private static final String NAME = BreakOff.class.getName();

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(NAME, response);
        chain.doFilter(request, response);
    }

    /** Ends what a reply is on its way on: the connection, or of an HTTP/2 connection the one stream. */
    public static void now(HttpServletRequest request) {
        if (request.getAttribute(NAME) instanceof ServletResponse response) {
            now(response);
        }
    }

    /** The same, for whoever has the response at hand. */
    static void now(ServletResponse response) {
        close(innermost(response));
    }

    private static ServletResponse innermost(ServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        return inner;
    }

    private static void close(ServletResponse facade) {
        try {
            Field behind = facade.getClass().getDeclaredField("response");
            behind.setAccessible(true);
            Object context = behind.get(facade);
            for (String step : new String[] {"getCoyoteResponse", "getRequest", "getContext"}) {
                context = context.getClass().getMethod(step).invoke(context);
            }
            Object stream = context.getClass().getMethod("getCloseable").invoke(context);
            Object way = stream == null
                    ? context.getClass().getMethod("getConnection").invoke(context)
                    : stream;
            // To close an HTTP/2 stream would end the reply as if it were whole.
            way.getClass().getMethod("terminateSilently").invoke(way);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.FINE, "this server ends broken replies in its own way", e);
        }
    }
}
