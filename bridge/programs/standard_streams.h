// Standard input, output and error of a program that people and scripts run.
#ifndef BRIDGE_PROGRAMS_STANDARD_STREAMS_H_
#define BRIDGE_PROGRAMS_STANDARD_STREAMS_H_

namespace bridge::programs {

// HoldStandardStreams takes the descriptors 0, 1 and 2 that are closed, so that no file of the
// program's own gets one of them; reading or writing them goes on failing.  For the begin of main.
void HoldStandardStreams();

// OutputWritten writes what standard output still holds and tells whether all of it could be
// written.
bool OutputWritten();

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_STANDARD_STREAMS_H_
