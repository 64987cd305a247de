/** The linkage study: relations between WAAD, FAI, receiver FAI and entropy, compared with chance (Tables 2, 10-12, 20). */
@NullMarked
package dev.upbeat.study.linkage;

import org.jspecify.annotations.NullMarked;
