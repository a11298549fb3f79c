// Who takes note of a case that waited too long: the supervisor of the office it came to. What came to the
// district is the district's.

import type { Status } from '../../lib/backend';

export function mayTakeNote(status: Status | null, escalation: string): boolean {
  return status?.actor?.role === 'supervisor' && (escalation !== 'district' || status.office?.level === 'district');
}
