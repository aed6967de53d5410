import { HoldService } from '../src/holdService';
import { Reason } from '../src/holds';

test('a hold is opened', () => {
  new HoldService().open('one', Reason.Confirmation);
});
