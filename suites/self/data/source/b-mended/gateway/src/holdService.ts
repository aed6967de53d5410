import { Reason } from './holds';

export class HoldService {
  private holds = new Map<string, Reason>();

  open(id: string, reason: Reason): void {
    this.holds.set(id, reason);
  }
}
