/**
 * What {@code java -jar grantbook.jar} runs before there is a server or an application. It is in the JAR alone, outside
 * the WAR, and uses nothing but the JDK.
 */
@NullMarked
package dev.grantbook.launcher;

import org.jspecify.annotations.NullMarked;
