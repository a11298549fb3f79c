// How a volunteer is told of a task, and the key for each way. The way that was used last is used
// again until another is chosen.

import Mail from '@lucide/svelte/icons/message-square-text';
import Phone from '@lucide/svelte/icons/phone';
import ReceiptText from '@lucide/svelte/icons/receipt-text';
import UserRound from '@lucide/svelte/icons/user-round';
import type { Picture } from '../../lib/ui/icon';

export const CHANNELS = ['phone', 'in_person', 'slip', 'message'] as const;
export type OfferChannel = (typeof CHANNELS)[number];

export const CHANNEL_ICONS: Readonly<Record<OfferChannel, Picture>> = {
  phone: Phone,
  in_person: UserRound,
  slip: ReceiptText,
  message: Mail,
};

/** The letter that offers in this way at once. */
export const CHANNEL_KEYS: Readonly<Record<OfferChannel, string>> = {
  phone: 'P',
  in_person: 'O',
  slip: 'S',
  message: 'M',
};
