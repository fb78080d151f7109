package dev.grantbook.testing;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.TransactionRequiredException;
import jakarta.transaction.Transactional;
import jakarta.transaction.TransactionalException;
import java.util.Arrays;

/** Begins, joins and ends transactions as a server does for {@code @Transactional}, in the database of the test. */
@Interceptor
@Transactional
@Priority(Interceptor.Priority.PLATFORM_BEFORE)
class TransactionInterceptor {

    /** Thrown after the commit. */
    private record Committed(Exception exception) {}

    @AroundInvoke
    Object around(InvocationContext call) throws Exception {
        Transactional own = call.getMethod().getAnnotation(Transactional.class);
        Transactional rule =
                own != null ? own : call.getMethod().getDeclaringClass().getAnnotation(Transactional.class);
        boolean active = Database.inTransaction();
        return switch (rule.value()) {
            case REQUIRED -> active ? join(rule, call) : begin(rule, call);
            case REQUIRES_NEW -> begin(rule, call);
            case SUPPORTS -> active ? join(rule, call) : Beans.database().outside(call::proceed);
            case NOT_SUPPORTED, NEVER -> Beans.database().outside(call::proceed);
            case MANDATORY -> {
                if (!active) {
                    throw new TransactionalException(
                            call.getMethod() + " needs a transaction", new TransactionRequiredException());
                }
                yield join(rule, call);
            }
        };
    }

    private static Object begin(Transactional rule, InvocationContext call) throws Exception {
        Object result = Beans.database().in(() -> {
            try {
                return call.proceed();
            } catch (Exception e) {
                if (rollsBack(rule, e)) {
                    throw e;
                }
                return new Committed(e);
            }
        });
        if (result instanceof Committed committed) {
            throw committed.exception;
        }
        return result;
    }

    private static Object join(Transactional rule, InvocationContext call) throws Exception {
        try {
            return call.proceed();
        } catch (Exception e) {
            if (rollsBack(rule, e)) {
                Database.setRollbackOnly();
            }
            throw e;
        }
    }

    private static boolean rollsBack(Transactional rule, Exception e) {
        return e instanceof RuntimeException
                && Arrays.stream(rule.dontRollbackOn()).noneMatch(type -> type.isInstance(e));
    }
}
