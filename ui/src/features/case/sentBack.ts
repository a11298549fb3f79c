// What the headman sent back: the office has something to mend before anybody is sent.

export const SENT_BACK = ['returned', 'not_found', 'rejected'] as const;

export function isSentBack(review_state: string): boolean {
  return (SENT_BACK as readonly string[]).includes(review_state);
}
