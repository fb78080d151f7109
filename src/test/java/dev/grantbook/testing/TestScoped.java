package dev.grantbook.testing;

import jakarta.enterprise.context.NormalScope;
import jakarta.enterprise.util.AnnotationLiteral;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Scope of every bean that the server keeps for an application, a session or a request: here it lives for one test. */
@NormalScope
@Retention(RetentionPolicy.RUNTIME)
@interface TestScoped {

    /** The annotation itself, for what is annotated while the container starts. */
    final class Literal extends AnnotationLiteral<TestScoped> implements TestScoped {}
}
