import { ConfirmQueue } from '../src/confirmQueue';
import { Reason, reasonOf } from '../src/holds';

test('a confirmation is queued', () => {
  expect(new ConfirmQueue().add(reasonOf('confirmation'))).toBe(Reason.Confirmation);
});
