/** What can be observed from outside by default: JFR events and a JMX bean. */
@NullMarked
package dev.connectionregistry.internal.observe;

import org.jspecify.annotations.NullMarked;
